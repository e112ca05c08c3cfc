-- Payloads can be erased: by this function of a role of its own, in the transaction that records the erasure. It makes
-- the erasure event, notes what it erased and deletes; nobody else passes the trigger. What is to be kept of an erased
-- event (index, kind, subject, time) must stand in the erasure event, word for word.

CREATE FUNCTION evidence_erase(erased uuid[], new_id uuid, new_commitment bytea, new_salt bytea, new_content bytea,
                               new_subject text, new_context text, new_at timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb := convert_from(new_content, 'UTF8')::jsonb;
    there jsonb;
    gone bigint;
BEGIN
    -- What may be erased: events of this context that have their place in the log. An erasure is never erased, nor is
    -- the history of the log's own keys.
    SELECT jsonb_agg(jsonb_build_object(
               'at', to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'id', p.event_id,
               'index', l.index, 'kind', p.kind, 'subject', p.subject) ORDER BY l.index)
        INTO there FROM evidence_payload p JOIN evidence_leaf l ON l.event_id = p.event_id
        WHERE p.event_id = ANY (erased) AND p.context = new_context AND p.kind <> 'disposal'
            AND NOT starts_with(p.subject, 'key/');
    IF there IS NULL OR jsonb_array_length(there) <> cardinality(erased) THEN
        RAISE EXCEPTION 'not every one of these events can be erased' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF told ->> 'id' IS DISTINCT FROM new_id::text OR told ->> 'kind' IS DISTINCT FROM 'disposal'
        OR told ->> 'subject' IS DISTINCT FROM new_subject OR told ->> 'context' IS DISTINCT FROM new_context
        OR told #>> '{detail,act}' IS DISTINCT FROM 'events_erased' OR told #> '{detail,events}' IS DISTINCT FROM there
    THEN
        RAISE EXCEPTION 'the erasure event does not name exactly these events'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF coalesce(told #>> '{detail,reason}', '') = '' OR coalesce(told #>> '{detail,basis}', '') = ''
        OR coalesce(told #>> '{agent,name}', '') = '' OR coalesce(told #>> '{detail,approver,name}', '') = ''
        OR told -> 'agent' = told #> '{detail,approver}'
        OR told #>> '{agent,id}' = told #>> '{detail,approver,id}'
    THEN
        RAISE EXCEPTION 'an erasure needs a reason, a legal basis and two people'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM public.evidence_record(new_id, new_commitment, new_salt, new_content, 'disposal', new_subject, new_context,
                                   new_at);
    INSERT INTO evidence_erasure (event_id, erasure_id, kind, subject, context, at)
        SELECT p.event_id, new_id, p.kind, p.subject, p.context, p.at FROM evidence_payload p
        WHERE p.event_id = ANY (erased);
    DELETE FROM evidence_payload WHERE event_id = ANY (erased);
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone <> cardinality(erased) THEN
        RAISE EXCEPTION 'some of these events were erased meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
