-- +goose Up

-- How often another instance has taken the call over from the one that had it. Whoever takes it
-- over raises it, once for each value; what an instance of an older epoch still writes changes
-- nothing of the header. An entry's key carries the epoch in its upper 32 bits, so that none is
-- written over by who had the call before: call_entries.seq = epoch * 2^32 + the entry's own seq.
alter table calls add column epoch int not null default 0;

-- +goose Down

alter table calls drop column epoch;
