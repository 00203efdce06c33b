// Package flags decides feature flags locally: a snapshot of all flags of the environment is polled in the background,
// so that a decision is a map lookup and needs no request.
//
//	runtime, err := flags.New(workos)
//	if err != nil {
//		return err
//	}
//	go runtime.Run(ctx)
//	if err := runtime.WaitUntilReady(ctx); err != nil {
//		return err
//	}
//	if runtime.IsEnabled(ctx, "new-billing", flags.Target{User: userID, Organization: orgID}) {
//		// …
//	}
//
// # Decisions
//
// A flag that is disabled is off. An enabled one is on if one of the target's IDs is among the flag's enabled targets;
// otherwise its default applies. A flag that the snapshot lacks is off, or what [WithDefaults] sets. These are the
// decisions of the official Node SDK, which a test compares.
//
// # Failures
//
// If a poll fails, decisions continue with the last snapshot, and [Stats] has its age and the error. A flag that cannot
// be read keeps its last state. Until the first snapshot all decisions are defaults; [WithBootstrapFile] and
// [WithStore] provide a snapshot before, also if WorkOS cannot be reached.
package flags
