-- +goose Up

-- What was asked for when a call was placed: whichever instance is told of the
-- answer decides again, and briefs the agent, from it. Null of inbound calls.
alter table calls add column ordered jsonb;

-- +goose Down

alter table calls drop column ordered;
