package search

import (
	"maps"
	"slices"
	"strings"
)

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
		"describe inspect count pull print explain watch monitor track query download grab explore reveal expose peek " +
		"dump summarize tally locate identify discover resolve dig"},
	{checks, false, "check verify validate test confirm assess evaluate ensure determine compare introspect probe " +
		"vet ascertain prove doublecheck recheck"},
	{adds, true, "add create make register define put insert new setup build establish introduce open form craft " +
		"compose produce spawn instantiate initiate found declare append enter place draft model"},
	{adds, false, "issue generate upload import enroll enrol grant assign give invite onboard provision store save " +
		"record log connect link attach subscribe join hire include start begin launch mint claim share allow permit " +
		"approve accept admit let apply schedule whitelist allowlist target bind associate send submit publish authorize " +
		"entitle award install reserve report tell inform notify write load seed migrate note jot delegate bestow offer " +
		"dispatch mail remind nudge deliver resend acknowledge bootstrap enlist nominate appoint deputize mandate " +
		"transmit post emit ingest stash enqueue pair"},
	{changes, true, "update change edit modify set alter adjust rename fix correct amend make put configure customize " +
		"revise refine adapt patch"},
	{changes, false, "replace overwrite rotate move reset swap extend promote demote pause resume renew rewrite " +
		"relabel redefine convert transfer expire refresh roll upgrade downgrade switch keep retain shorten lengthen " +
		"prolong raise lower rebrand tweak demand substitute exchange trade supersede override reassign relocate " +
		"reparent " +
		"restrict limit loosen tighten relax widen narrow expand reduce decrease increase bump lift cap restructure " +
		"rearrange retitle reword rephrase translate sync resync elevate escalate merge repoint redirect reconfigure"},
	{removes | ends, true, "delete remove destroy erase drop discard"},
	{removes | ends, false, "revoke kill wipe purge terminate expire cancel withdraw strip disconnect unlink detach " +
		"evict expel eject trash nuke clear scrub uninstall unregister deregister deprovision offboard unsubscribe close " +
		"end kick unassign unblock unban stop invalidate rescind retract decommission unshare logout dismiss fire " +
		"unenroll undo forget shred abort retire prune take tear unset untarget unbind dissociate disassociate " +
		"obliterate " +
		"burn unhook ditch axe zap boot oust yank sever deauthorize delist strike disown exclude sunset unpublish " +
		"untie uninvite unclaim discontinue expunge dissolve disband scrap eliminate abolish dispose eradicate " +
		"annihilate " +
		"annul nullify repeal void cull yeet bin chuck toss banish unfriend unmap unpair unstore deallocate unprovision " +
		"unapprove unauthorize deauthorise unattach uncouple decouple excise rip vacate ungroup unpin disinvite jettison " +
		"extinguish demolish dismantle"},
	{enables, false, "enable activate reactivate restore unlock unfreeze unpause resume reinstate unsuspend reopen " +
		"revive reenable unmute recover rehire reconnect unarchive"},
	{disables, false, "disable deactivate suspend pause freeze lock mute halt deny reject decline refuse forbid " +
		"prevent hide stop archive bar restrain silence quarantine veto"},
}

// phrasal lists verbs with a particle, which may stand some words behind the verb, by a verb of the same meaning. With
// a sign of equality between them it stands next to the verb: "kick off the check" begins one.
var phrasal = particles(map[string]string{
	"disable": "kill=switch, turn off, switch off, shut off, shut down, flip off, toggle off, power down, take " +
		"offline, switch away",
	"enable": "turn on, switch on, roll out, flip on, toggle on, go live, put live, bring online, back on",
	"remove": "take away, take out, take off, kick out, kick off, pull out, no longer, take down, must go, boot out, " +
		"let go, wind down, drop off, push out, force out, throw off, cross off, cut loose, pull off, cut out, leave out",
	"delete": "throw out, throw away, tear down, get rid, clean up, wipe out, phase out, rip out, do away, wipe off, " +
		"strike off, clear out, blow away, break up, toss out, chuck out, close down, sweep out, root out, clear off, " +
		"bin off",
	"revoke":      "take back, cut off, shut out, give up, pull back, call back, claw back",
	"cancel":      "call off, back out",
	"expire":      "run out, stop working, time out",
	"unsubscribe": "opt out", "subscribe": "opt in",
	"approve":    "let in, let through, wave through, green light",
	"reactivate": "let back, bring back, get back", "restore": "give back, put back",
	"deny":    "turn down, turn away, knock back",
	"suspend": "lock out, stop from, keep out, keep from, hold back, put hold, put ice, shut away",
	"login":   "log in, log on, sign in, sign on", "logout": "log out, log off, sign out, sign off, signed off",
	"signup": "sign up", "setup": "set up",
	"create": "spin up, carve out, fire up, stand up, draw up, put up, whip up",
	"record": "note down, write down, jot down", "add": "take on, take in",
	"start":   "kick=off",
	"connect": "hook up", "resend": "send again", "send": "send out, fire=off", "find": "look up, search for, look for",
	"show": "show me, give me, tell me, list out, find out, figure out, pull up, bring up, read out, read back, " +
		"look into, look at, go through, walk through, break down, check on",
	"transfer": "hand over", "grant": "hand out, give out", "import": "bring in, bring over, carry over, " +
		"port over, load in",
	"update": "point at, fill in", "shorten": "cut down, cut back, cut short", "lower": "dial down, scale back",
	"raise": "dial up", "switch": "switch over, change over", "replace": "swap out, switch out",
	"exchange": "trade in, trade for",
})

// particles turns lists of phrasal verbs by what they mean into pairs.
func particles(lists map[string]string) []pair {
	var pairs []pair
	for _, verb := range slices.Sorted(maps.Keys(lists)) {
		for phrasal := range strings.SplitSeq(lists[verb], ", ") {
			pairs = append(pairs, pair{phrasal, verb})
		}
	}
	return pairs
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
	"extend release forget pull tell clean tear confirm test open void bin file post mail cap limit bump patch " +
	"model form " +
	"draft pair note load sync void probe trade exchange redirect place seed trust bar ban mandate rip dig identify " +
	"keep resolve found offer "

// lexicon finds deeds by the words of a request.
type lexicon struct {
	acts      map[string]deed   // by base form
	forms     map[string]deed   // by stem, for every form of a verb
	plain     map[string]bool   // by stem
	phrasal   map[string]string // by verb and particle
	opposites map[string]string
	turns     map[string][]turn // of the cues
}

func newLexicon(s stemmer) lexicon {
	l := lexicon{
		acts: map[string]deed{}, forms: map[string]deed{}, plain: map[string]bool{},
		phrasal: map[string]string{}, opposites: map[string]string{},
		turns: newTurns(),
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
