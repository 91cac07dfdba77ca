// Package erasure deletes what is personal of a number, wherever this program keeps it: in
// the database's rows, under the person's key in the ledger, and on the disks of all
// instances.
//
// An order is a row that every instance sees ([Store]). Each one brings what its disk still
// holds to the database, deletes the rows, and then its own files ([Local]). What lives is
// waited for: a call or a permit of the person that has not ended. Every step may be done
// again, so that an order goes on after a crash where it was, on whichever instance. A legal
// hold stops it.
package erasure
