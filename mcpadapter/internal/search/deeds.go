package search

import "strings"

// deed is what a request wants done, or what a document does: a set of these bits.
type deed uint8

const (
	sees deed = 1 << iota // lists, reads
	checks
	adds
	changes
	removes
	enables
	disables
	ends // of a request alone: it has a word that destroys
)

// The two directions of an operation; one with a deed of each has none.
const (
	onward   = adds | enables
	backward = removes | disables
)

// opposed reports whether two sets of deeds lead in opposite directions.
func (d deed) opposed(other deed) bool {
	way := func(d deed) int {
		switch {
		case d&onward != 0 && d&backward == 0:
			return 1
		case d&backward != 0 && d&onward == 0:
			return -1
		}
		return 0
	}
	return way(d)*way(other) < 0
}

// verbs lists English verbs in their base form by what they do. Those that are plain say no more than that: another
// word for the same deed is as good.
var verbs = []struct {
	deed  deed
	plain bool
	words string
}{
	{sees, true, "list show see find get fetch view display look search browse read retrieve lookup enumerate " +
		"describe inspect count pull print explain watch monitor track query download grab explore"},
	{checks, false, "check verify validate test confirm assess evaluate ensure determine compare"},
	{adds, true, "add create make register define put insert new setup build establish introduce open"},
	{adds, false, "issue generate upload import enroll enrol grant assign give invite onboard provision store save " +
		"record log connect link attach subscribe join hire include start begin launch mint claim share allow permit " +
		"approve accept admit let apply schedule whitelist allowlist target bind associate send submit publish authorize " +
		"entitle award install reserve report tell inform notify write"},
	{changes, true, "update change edit modify set alter adjust rename fix correct amend make put configure customize"},
	{changes, false, "replace overwrite rotate move reset swap extend promote demote pause resume renew rewrite " +
		"relabel redefine convert transfer expire refresh roll upgrade downgrade switch keep retain shorten lengthen " +
		"prolong raise lower rebrand tweak demand"},
	{removes | ends, true, "delete remove destroy erase drop discard"},
	{removes | ends, false, "revoke kill wipe purge terminate expire cancel withdraw strip disconnect unlink detach " +
		"evict expel eject trash nuke clear scrub uninstall unregister deregister deprovision offboard unsubscribe close " +
		"end kick unassign unblock unban stop invalidate rescind retract decommission unshare logout dismiss fire " +
		"unenroll undo forget shred abort retire prune take tear unset untarget unbind dissociate disassociate obliterate " +
		"burn unhook ditch axe zap boot oust yank dump sever deauthorize delist strike disown exclude sunset unpublish " +
		"unregister untie uninvite unclaim discontinue expunge"},
	{enables, false, "enable activate reactivate restore unlock unfreeze unpause resume reinstate unsuspend reopen " +
		"revive reenable unmute recover"},
	{disables, false, "disable deactivate suspend pause freeze lock mute halt deny reject decline refuse forbid " +
		"prevent hide stop archive"},
}

// phrasal lists verbs with a particle, which may stand some words behind the verb, and a verb of the same meaning.
var phrasal = []pair{
	{"turn off", "disable"}, {"switch off", "disable"}, {"shut off", "disable"}, {"shut down", "disable"},
	{"turn on", "enable"}, {"switch on", "enable"}, {"roll out", "enable"}, {"take away", "remove"},
	{"take out", "remove"}, {"take off", "remove"}, {"take back", "revoke"}, {"kick out", "remove"},
	{"kick off", "remove"}, {"throw out", "delete"}, {"throw away", "delete"}, {"tear down", "delete"},
	{"get rid", "delete"}, {"clean up", "delete"}, {"wipe out", "delete"}, {"cut off", "revoke"},
	{"shut out", "revoke"}, {"call off", "cancel"}, {"run out", "expire"}, {"pull out", "remove"},
	{"opt out", "unsubscribe"}, {"phase out", "delete"}, {"let in", "approve"}, {"let back", "reactivate"},
	{"bring back", "reactivate"}, {"give back", "restore"}, {"put back", "restore"}, {"turn down", "deny"},
	{"turn away", "deny"}, {"lock out", "suspend"}, {"log in", "login"}, {"log on", "login"},
	{"sign in", "login"}, {"sign on", "login"}, {"log out", "logout"}, {"log off", "logout"},
	{"sign out", "logout"}, {"sign off", "logout"}, {"sign up", "signup"}, {"set up", "setup"},
	{"spin up", "create"}, {"hook up", "connect"}, {"send again", "resend"}, {"send out", "send"},
	{"look up", "find"}, {"show me", "show"}, {"give me", "show"}, {"tell me", "show"}, {"no longer", "remove"},
	{"hand over", "transfer"}, {"bring in", "import"}, {"point at", "update"}, {"opt in", "subscribe"},
	{"take down", "remove"}, {"give up", "revoke"}, {"must go", "remove"}, {"boot out", "remove"},
	{"let go", "remove"}, {"wind down", "remove"}, {"cut down", "shorten"}, {"cut back", "shorten"},
	{"stop from", "suspend"}, {"keep out", "suspend"}, {"keep from", "suspend"}, {"hold back", "suspend"},
	{"switch over", "switch"}, {"back out", "cancel"}, {"carve out", "create"},
}

// opposites are pairs of verbs that no deed tells apart.
var opposites = []pair{
	{"import", "export"}, {"encrypt", "decrypt"}, {"upload", "download"}, {"login", "logout"}, {"block", "unblock"},
	{"ban", "unban"}, {"lock", "unlock"},
}

type pair struct{ from, to string }

// nouns are verbs that are as often nouns or adjectives: they count as verbs only where a verb is expected.
const nouns = " list set log reset change export request access end view report record link issue test block lock " +
	"drop cut start close open check invite show look grant use count claim read query print track target share fix " +
	"build store save pause stop clear watch roll move switch transfer import connect refresh display search find " +
	"lookup apply schedule archive hide fire retire launch restore monitor download upload hire take update replace " +
	"extend release forget pull tell clean tear confirm test open "

// lexicon finds deeds by the words of a request.
type lexicon struct {
	acts      map[string]deed   // by base form
	forms     map[string]deed   // by stem, for every form of a verb
	plain     map[string]bool   // by stem
	phrasal   map[string]string // by verb and particle
	opposites map[string]string
}

func newLexicon(s stemmer) lexicon {
	l := lexicon{
		acts: map[string]deed{}, forms: map[string]deed{}, plain: map[string]bool{},
		phrasal: map[string]string{}, opposites: map[string]string{},
	}
	for _, v := range verbs {
		for word := range strings.FieldsSeq(v.words) {
			l.acts[word] |= v.deed
			l.forms[s.stem(word)] |= v.deed
			if v.plain {
				l.plain[s.stem(word)] = true
			}
		}
	}
	for _, p := range phrasal {
		l.phrasal[p.from] = p.to
	}
	for _, p := range opposites {
		l.opposites[p.from], l.opposites[p.to] = p.to, p.from
	}
	return l
}

func isNoun(word string) bool { return strings.Contains(nouns, " "+word+" ") }

// reverse returns the opposite of a verb, by the table or by its prefix; "" if it has none.
func (l lexicon) reverse(verb string) string {
	if other := l.opposites[verb]; other != "" {
		return other
	}
	for _, prefix := range []string{"un", "de", "dis"} {
		if rest, ok := strings.CutPrefix(verb, prefix); ok && l.acts[rest] != 0 {
			return rest
		}
	}
	return ""
}
