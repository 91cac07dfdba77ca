-- +goose Up

-- What a call follows, in no carrier's words: JSON with its version (carrier.EncodeStep), and the
-- SHA-256 of the document that says the same. The document stays filled: during a rolling deploy
-- instances of older versions, which know the document alone, take rows of newer ones, leave rows
-- without a step, and replace the document of a row whose step they leave as it is: then the hash
-- is of another. A version after this one drops the document, when none reads it.
alter table call_next
    add column step text,
    add column step_of bytea;

-- +goose Down

alter table call_next
    drop column step,
    drop column step_of;
