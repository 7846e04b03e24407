// Package jobs is the list of work that many workers on many hosts share: River's
// tables in the schema of the store, and nothing of River is seen outside.
//
// A job names a stage and what it is about. Jobs that are queued together are an order,
// which has a number: so a stage that has to wait for the others of its order can ask
// whether they are [Queue.Open], and people see how far an order is.
//
// What is promised:
//
//   - A job is done at least once, by one worker at a time as long as all of them can be
//     heard. One whose worker died or was cut off is handed out again when the lease of
//     that worker is over (see package postgres), so a job has to bear being done twice.
//   - An order is queued whole or not at all, and a job that waits already is not
//     queued again.
//   - A job that fails is tried again after 1, 8, 27, … seconds, at most ten minutes, and
//     after eight tries it is dead. One that fails with [Hopeless] is dead at once. Dead
//     jobs keep their reasons, stay until a person requeues them, and are not queued anew.
//   - Within a stage those of a lower priority number come first, then the older ones.
package jobs
