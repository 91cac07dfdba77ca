//go:build !cgo

package bridge

const cgo = false
