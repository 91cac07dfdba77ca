//go:build !linux

package bridge

func forgetLibraries() error { return nil }
