package call

import (
	"sync"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/optout"
)

// made is what makes each thing that calls need and that takes a while to make.
var made []func()

// lazily makes a thing when it is first asked for, at the latest by [getReady]: commands that
// carry no call never need it.
func lazily[T any](thing func() T) func() T {
	once := sync.OnceValue(thing)
	made = append(made, func() { once() })
	return once
}

// getReady makes all of it, before there is a call: the first caller who spoke would hold up
// everybody's sound while the grammar of refusals was compiled, by 14 ms on one core.
func getReady() {
	optout.Compile()
	amd.Compile()
	for _, one := range made {
		one()
	}
}
