package patch

// What lockstep does not show, and the test that does.

// An Elsewhere is a trap, or a sentence of the meaning, that another test looks at.
type Elsewhere struct {
	About string
	Why   string // not here
	Dir   string // of the test, below the root module
	Test  string
}

const (
	cost   = "it is a matter of cost"
	memory = "it is a matter of memory that two goroutines use"
	seldom = "generated runs meet it too seldom"
)

// Elsewheres lists them.
func Elsewheres() []Elsewhere {
	return []Elsewhere{
		{"parallel: what is begun early is budgeted", cost, "internal/engine", "TestNoEarlyStartsLeft"},
		{"parallel: and the budget is given back", cost, "internal/engine", "TestEarlyStartsAreGivenBack"},
		{"parallel: who shares memory with a dropped fork waits for it", memory, "internal/engine", "TestFlowThatSharesMemoryWithADroppedForkWaitsForIt"},
		{"parallel: forks of a block that is left are dropped there", cost, "internal/engine", "TestForkIsDroppedWhereItsBlockIsLeft"},
		{"store: an expiry is no stampede", cost, "internal/engine", "TestExpiryIsNoStampede"},
		{"store: a cold store asks once for each key", cost, "internal/engine", "TestColdStoreAsksOnceForEachKey"},
		{"store: keys that collide are bounded", cost, "internal/memo", "TestCollidingKeysAreBounded"},
		{"store: NaN equals itself", cost, "cmd/fluxo/internal/value", "TestEmittedFunctionsAgainstReflection"},
		{"store: an error that glue made is not kept", "what it is made of may be kept, so that no answer differs", "internal/engine", "TestErrorsThatGlueMadeAreNotKept"},
		{"store: a failure edge that answers for itself is not kept, of whatever kind the error is", seldom, "internal/engine", "TestAnswersToFailuresAreNotKept"},
		{"store: a stand-in is not for a call that failed too late", "an answer is judged by when its request came", "internal/engine", "TestNothingStandsInForACallThatFailsTooLate"},
		{"store: what is computed while plans are swapped is not kept", seldom, "internal/engine", "TestSwapDuringAFillKeepsNothing"},
		{"onerror: a step behind a stand-in is tried at its pace, and what that brings is fresh for its time", seldom, "internal/engine", "TestStepBehindAStandInIsTriedEveryTenSeconds"},
		{"share: what was read too long ago inside closes the flight around", seldom, "internal/engine", "TestExpiredReadInsideClosesAFlight"},
		{"share: a flight does not wait for itself", "no generated step calls a flow", "internal/engine", "TestFlightDoesNotWaitForItself"},
		{"refresh: what is computed again is what was asked for, though the block sets that again", seldom, "internal/engine", "TestRefreshIsOfWhatEntered"},
		{"refresh: one that fails never extends a life", seldom, "internal/engine", "TestRefreshThatFailsDoesNotExtendALife"},
		{"refresh: one at a time for each key", cost, "internal/engine", "TestRefreshIsOneAtATime"},
		{"refresh: one that hangs ends, and not with its caller", cost, "internal/engine", "TestRefreshHasAnEndOfItsOwn"},
		{"refresh: within the budget of early starts", cost, "internal/engine", "TestNoEarlyStartsLeftForARefresh"},
		{"refresh: kept parts are computed again, too", cost, "internal/engine", "TestRefreshReachesThroughKeptParts"},
		{"refresh: what lives longer is not replaced", cost, "internal/engine", "TestStandInDoesNotReplaceWhatIsKept"},
		{"refresh: a write meanwhile closes it", seldom, "internal/engine", "TestWriteClosesARefresh"},
		{"hedge: never more calls than the budget says", cost, "internal/engine", "TestSecondTriesKeepToTheirBudget"},
		{"hedge: a budget is not saved for the worst moment", cost, "internal/engine", "TestABudgetIsNotSaved"},
		{"hedge: early starts are given back", cost, "internal/engine", "TestTriesGiveEarlyStartsBack"},
		{"hedge: a failure is no answer while the other try is under way", "each failure is one that the source could have met", "internal/engine", "TestTheTryThatEndsFirstCounts"},
		{"hedge: each try has copies of what enters", memory, "internal/engine", "TestTriesHaveCopies"},
		{"hedge: a step's limit counts both tries", "when an answer comes is no meaning", "internal/engine", "TestALimitCountsBothTries"},
		{"share: each caller waits under its own context", "when an answer comes is no meaning", "internal/engine", "TestOneCallersCancellationDoesNotReachTheOthers"},
	}
}
