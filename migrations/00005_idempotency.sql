-- +goose Up

-- Requests that carried an Idempotency-Key, and what they were answered, so that
-- one that comes again gets the same answer from any instance. Neither the key nor
-- the request is here, but what only the service can compute from them; the answer
-- is encrypted. A row goes a day after its request.
create table idempotency_keys (
    key        bytea       primary key,        -- HMAC-SHA256 of the key
    body       bytea       not null,           -- HMAC-SHA256 of the request
    call_id    text        not null,           -- the call that the request was about to make
    answer     bytea,                          -- null while the request is under way
    created_at timestamptz not null default now()
);

create index idempotency_keys_age on idempotency_keys (created_at);

-- +goose Down

drop table idempotency_keys;
