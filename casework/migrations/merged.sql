-- A merge is of two subjects of one case, on one platform, whose ids do not contradict each other, and of which neither
-- was merged before: so there is no chain and no circle. One that was undone, as a backup has it, joins nobody.
CREATE FUNCTION casework_merge_stands() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT FROM casework_subject k JOIN casework_account ka ON ka.id = k.account_id,
                        casework_subject m JOIN casework_account ma ON ma.id = m.account_id
            WHERE k.id = NEW.kept_id AND m.id = NEW.merged_id AND k.case_id = m.case_id
            AND ka.platform = ma.platform AND ma.stable_id IN ('', ka.stable_id))
       OR NEW.withdrawn_at IS NULL AND EXISTS (
            SELECT FROM casework_merge o WHERE o.withdrawn_at IS NULL
            AND (o.merged_id IN (NEW.kept_id, NEW.merged_id) OR o.kept_id = NEW.merged_id)) THEN
        RAISE EXCEPTION 'a merge of what is not one account, or of what was merged before'
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- When it is made both have one role, and none of theirs waits. Of the one kept that may be otherwise since, so who puts
-- a backup back, as the owner, is not asked.
CREATE FUNCTION casework_merge_roles_agree() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT count(DISTINCT role) FROM casework_subject WHERE id IN (NEW.kept_id, NEW.merged_id)) <> 1
       OR EXISTS (SELECT FROM casework_assessment a WHERE a.subject_id IN (NEW.kept_id, NEW.merged_id)
                  AND a.state = 'proposed') THEN
        RAISE EXCEPTION 'a merge of two roles, or of one that waits' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- What was merged into another stays as it was: nothing is said of it until the merge is undone.
CREATE FUNCTION casework_subject_is_closed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM casework_merge m WHERE m.merged_id = NEW.id AND m.withdrawn_at IS NULL) THEN
        RAISE EXCEPTION 'a subject that was merged into another stays as it is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
