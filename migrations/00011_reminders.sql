-- +goose Up

-- What was asked for under a reminder's key, as a hash that only the service can
-- compute: the same key with another body is refused. Null where nothing is compared.
alter table reminders add column body bytea;

-- Why a placed call reached nobody, in the carrier's own codes; null of all others.
alter table calls add column failure jsonb;

-- +goose Down

alter table calls drop column failure;
alter table reminders drop column body;
