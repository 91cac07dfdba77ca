//go:build !linux

package service

func forgetLibraries() error { return nil }
