// Package routing asks an HTTP endpoint which agent answers a call that comes in: the
// ask of a number in bridge.yaml. The question is signed (Standard Webhooks), the answer
// bounded in time and size, and whatever is wrong with it, the caller is answered by the
// number's default agent: package call sees to that.
package routing
