package sandbox

import (
	"slices"
	"time"
)

// Delivery is an event on its way to a webhook endpoint.
type Delivery struct {
	ID       string    `json:"id"`
	Event    string    `json:"event"`    // its ID
	Type     string    `json:"type"`     // of the event
	Endpoint string    `json:"endpoint"` // its ID
	URL      string    `json:"url"`      // that the latest attempt went to, or the next will
	State    string    `json:"state"`    // pending, delivered or failed
	Attempts int       `json:"attempts"`
	Status   int       `json:"status"` // of the latest response; 0 for none
	Error    string    `json:"error"`  // why the latest attempt failed; "" if it did not
	Due      time.Time `json:"due"`    // time of the next attempt; the zero time if there will be none
}

// The states and fields of a delivery.
const (
	deliveryPending   = "pending"
	deliveryDelivered = "delivered"
	deliveryFailed    = "failed"

	fieldEndpoint = "webhook_endpoint_id"
	fieldDue      = "due"
)

// maxDeliveries is how many deliveries an environment keeps; the oldest are forgotten, delivered or not.
const maxDeliveries = 10_000

// backoff is how long the retries of a delivery wait: six over less than three days.
func backoff() []time.Duration {
	return []time.Duration{
		time.Minute, 5 * time.Minute, 25 * time.Minute, 2 * time.Hour, 10 * time.Hour, 48 * time.Hour,
	}
}

// enqueue adds the deliveries of a new event.
func (c *call) enqueue(event *record) {
	typ := event.text(kindEvent)
	for _, endpoint := range c.store.all(c.ix.kinds[kindEndpoint]) {
		types, _ := endpoint.fields["events"].([]any)
		if endpoint.text("status") != "enabled" || !slices.Contains(types, any(typ)) {
			continue
		}
		for queue := c.store.all(c.store.own.delivery); len(queue) >= maxDeliveries; queue = queue[1:] {
			c.store.remove(queue[0])
		}
		c.store.add(&record{
			kind: c.store.own.delivery, id: c.store.newID("delivery_", c.now), fields: map[string]any{
				"delivered_event": event.id, fieldType: typ, fieldEndpoint: endpoint.id, "url": endpoint.fields["endpoint_url"],
				fieldState: deliveryPending, fieldDue: timestamp(c.now), "attempts": number(0),
			},
		})
	}
}

// Deliveries returns the deliveries of events to webhook endpoints, the oldest first, of all environments. Each
// environment keeps the newest 10,000.
func (s *Sandbox) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []Delivery{}
	for _, env := range s.environments {
		for _, r := range env.store.all(env.store.own.delivery) {
			found = append(found, deliveryOf(r))
		}
	}
	return found
}

func deliveryOf(r *record) Delivery {
	d := Delivery{
		ID: r.id, Event: r.text("delivered_event"), Type: r.text(fieldType), Endpoint: r.text(fieldEndpoint),
		URL: r.text("url"), State: r.text(fieldState), Attempts: intOf(r.fields["attempts"]),
		Status: intOf(r.fields["status"]), Error: r.text("error"),
	}
	if d.State == deliveryPending {
		d.Due, _ = time.Parse(time.RFC3339, r.text(fieldDue))
	}
	return d
}

// Redeliver makes a delivery due again in any state, with all its retries. It returns an error if no delivery has that
// ID.
func (s *Sandbox) Redeliver(id string) error {
	defer s.notify()
	return s.act(func(c *call) error {
		r := c.store.get(c.store.own.delivery, id)
		if r == nil {
			return notFound("Delivery", id)
		}
		c.store.set(r, fieldState, deliveryPending)
		c.store.set(r, fieldDue, timestamp(c.now))
		c.store.set(r, "attempts", number(0))
		return nil
	})
}

// nextDue returns how long it is until a delivery is due, and whether there is one.
func (s *Sandbox) nextDue() (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	earliest := ""
	for _, env := range s.environments {
		for _, r := range env.store.all(env.store.own.delivery) {
			if due := r.text(fieldDue); r.text(fieldState) == deliveryPending && (earliest == "" || due < earliest) {
				earliest = due
			}
		}
	}
	due, err := time.Parse(time.RFC3339, earliest)
	if err != nil {
		return 0, false
	}
	return due.Sub(s.time()), true
}
