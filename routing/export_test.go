package routing

var Read = read
