-- +goose Up

-- What the voices of a call charge for: a list with a row for each model of a voice.
alter table calls add column usage jsonb;

-- +goose Down

alter table calls drop column usage;
