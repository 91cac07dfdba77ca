//go:build cgo

package bridge

const cgo = true
