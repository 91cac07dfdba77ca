-- +goose Up

-- What the endpoint that was asked who answers gave the agent of an inbound call; null if
-- nothing was asked or given.
alter table calls add column variables jsonb;

-- +goose Down

alter table calls drop column variables;
