-- +goose Up

-- What evidence says, by a keyed digest of its text, and for whom it was first recorded:
-- a renewal that lifts a refusal wants evidence that is not here. Rows are only added.
create table ledger_evidence (
    digest bytea primary key, -- HMAC of the text's digest: the text can't be guessed from it
    token  bytea not null     -- of the number
);

create trigger ledger_append_only before update or delete or truncate on ledger_evidence
    for each statement execute function ledger_refuse();

-- What somebody has to decide, in pages; and whose refusals are in the ledger.
create index consent_ledger_unclear on consent_ledger (seq) where type = 'optout_unclear';
create index consent_ledger_stop_sellers on consent_ledger (seller) where mark = 'stop';

-- +goose Down

drop index consent_ledger_stop_sellers;
drop index consent_ledger_unclear;
drop table ledger_evidence;
