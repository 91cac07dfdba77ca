-- +goose Up

-- The voices that spoke in a call, in order; "voice" is the one that took it.
alter table calls add column voices text[] not null default '{}';

-- +goose Down

alter table calls drop column voices;
