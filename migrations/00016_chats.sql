-- +goose Up

-- What Hume's webhooks say of the chats of calls: the events come in any order, more than
-- once, and before or after the call's own rows.
create table hume_chats (
    id         text        primary key,         -- Hume's id of the chat
    call_sid   text        not null,            -- Twilio's id of the call that it was opened for
    started_at timestamptz,
    ended_at   timestamptz,
    seconds    integer     not null default 0,  -- how long it lasted, as Hume counts
    end_reason text        not null default '',
    seen_at    timestamptz not null default now()
);

create index hume_chats_call on hume_chats (call_sid);
create index hume_chats_seen on hume_chats (seen_at);

-- +goose Down

drop table hume_chats;
