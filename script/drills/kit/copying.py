"""What `script/drill rgw` tries on a gateway: locks, versions, many writers, and a storage that lies."""

import hashlib
import io
import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.db import connections
from django.test import override_settings
from stack.install import say
from stack.postgres import Server

from drills.kit.faulting import FAULTS, Proxy
from drills.kit.rgw import Gateway, User
from evidence.archive import locktest
from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy, LockTest
from evidence.custody import services as custody
from evidence.fixity import audit, reconciled
from evidence.intake import services as intake
from evidence.intake.models import Item, Step
from evidence.store import services as store
from evidence.store.errors import Damaged, StoreUnavailable
from tests.evidence import custody_log

REGION = "us-east-1"
# Two winners of the same turn are rare where they are possible at all: one in sixty was seen.
TURNS = 100
PERMITTED = ["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions",
             "s3:GetBucketObjectLockConfiguration", "s3:PutObjectRetention", "s3:PutObjectLegalHold",
             "s3:GetObjectRetention", "s3:GetObjectLegalHold", "s3:DeleteObject", "s3:DeleteObjectVersion"]


class Drill:
    def __init__(self, gateway: Gateway):
        self.gateway = gateway
        self.owner = self.client(gateway.owner)
        self.program = self.client(gateway.program)
        self.tried = 0
        self.wrong: list[str] = []

    def client(self, user: User) -> Any:
        return boto3.client("s3", endpoint_url=self.gateway.address, aws_access_key_id=user.access,
                            aws_secret_access_key=user.secret, region_name=REGION)

    def hold(self, what: str, true: bool) -> None:
        """Count it; print it when it is not so."""
        self.tried += 1
        if not true:
            self.wrong.append(what)
            say(f"rgw VIOLATION {what}")

    def bucket(self, name: str, *, locks: bool = True, bypass: bool = False) -> str:
        """A new one in which the program may do what the operations page says, and bypass governance or not."""
        self.owner.create_bucket(Bucket=name, ObjectLockEnabledForBucket=locks)
        about = {"Principal": {"AWS": [self.gateway.program.principal]},
                 "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]}
        said = [{"Effect": "Allow", "Action": PERMITTED, **about}]
        if not bypass:
            said.append({"Effect": "Deny", "Action": ["s3:BypassGovernanceRetention"], **about})
        self.owner.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": said}))
        return name

    @contextmanager
    def archive(self, bucket: str, mode: str = "", through: str = "", evidence: bool = False) -> Iterator[None]:
        """Casework with its archive (and with `evidence` its store) in this bucket, directly or `through` a proxy."""
        user = self.gateway.program
        kept = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {
            "bucket_name": bucket, "location": "copies", "endpoint_url": through or self.gateway.address,
            "access_key": user.access, "secret_key": user.secret, "region_name": REGION,
            "client_config": Config(retries={"max_attempts": 0}, read_timeout=10, s3={"addressing_style": "path"})}}
        own = {"archive": kept} | ({"evidence": kept} if evidence else {})
        with override_settings(STORAGES={**settings.STORAGES, **own}, ARCHIVE_LOCK=mode, ARCHIVE_LOCK_DAYS=30):
            yield

    def refused(self, what: str, act: Callable[..., Any], **given: Any) -> None:
        try:
            act(**given)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            self.hold(f"{what}: answered {status}", status == 403)
        else:
            self.hold(f"{what}: allowed", False)


def run(_server: Server, gateway: Gateway, rounds: int, writers: int) -> int:
    custody_log.key()
    # Steps that fail are what is wanted here.
    logging.getLogger("evidence").setLevel(logging.ERROR)
    drill = Drill(gateway)
    parts: list[tuple[Callable[..., None], tuple[int, ...]]] = [
        (proofs, ()), (attacks, ()), (overwriting, ()), (together, (writers,)), (lying, (rounds,))]
    for part, more in parts:
        before, wrong = drill.tried, len(drill.wrong)
        part(drill, *more)
        say(f"rgw {part.__name__}: {drill.tried - before} things tried, {len(drill.wrong) - wrong} violations")
    say(f"rgw: {drill.tried} things tried, {len(drill.wrong)} violations")
    return 1 if drill.wrong else 0


def proofs(drill: Drill) -> None:
    """The self-test says enforced when and only when it is so."""
    kinds = [("locked", {}, "", LockTest.Result.ENFORCED), ("locked", {}, "compliance", LockTest.Result.ENFORCED),
             ("bypassed", {"bypass": True}, "", LockTest.Result.BYPASSABLE),
             ("bypassed", {"bypass": True}, "compliance", LockTest.Result.ENFORCED),
             ("plain", {"locks": False}, "", LockTest.Result.NO_LOCK),
             ("locked", {}, "none", LockTest.Result.NO_LOCK)]
    made = set()
    for name, options, mode, expected in kinds:
        if name not in made:
            drill.bucket(name, **options)
            made.add(name)
        with drill.archive(name, mode):
            test = locktest.run()
        drill.hold(f"the self-test of {name}/{mode or 'auto'} says {test.result} {test.detail}",
                   test.result == expected)


def attacks(drill: Drill) -> None:
    """What the program's own credential, and under compliance the owner's, can do to a copy: nothing."""
    for mode in ("governance", "compliance"):
        bucket = drill.bucket(f"attacked-{mode}")
        with drill.archive(bucket, mode):
            copy = archived(drill, os.urandom(2000))
            hands = {"program": drill.program} | ({"owner": drill.owner} if mode == "compliance" else {})
            at = {"Bucket": bucket, "Key": copy.location, "VersionId": copy.version}
            until = copy.locked_until or datetime.now(UTC)
            sooner = {"Mode": mode.upper(), "RetainUntilDate": until - timedelta(days=10)}
            for who, hand in hands.items():
                drill.refused(f"{who} deletes a version under {mode}", hand.delete_object, **at)
                drill.refused(f"{who} deletes with bypass under {mode}", hand.delete_object,
                              BypassGovernanceRetention=True, **at)
                for bypass in (False, True):
                    drill.refused(f"{who} shortens {mode}, bypass {bypass}", hand.put_object_retention,
                                  Retention=sooner, BypassGovernanceRetention=bypass, **at)
            drill.hold(f"the copy under {mode} is whole", store.verify(copy.blob_id, store.ARCHIVE, copy.version))
            drill.hold(f"its row says {copy.lock_mode}", copy.lock_mode == mode and copy.locked_until is not None)
            drill.hold(f"and its hold {copy.legal_hold}", copy.legal_hold == (mode == "governance"))


def overwriting(drill: Drill) -> None:
    """Whoever writes over a copy or deletes it makes another version; ours is read on, and verify names theirs."""
    bucket = drill.bucket("overwritten")
    with drill.archive(bucket):
        copy = archived(drill, os.urandom(3000))
        forged = drill.owner.put_object(Bucket=bucket, Key=copy.location, Body=b"forged")["VersionId"]
        drill.hold("an overwritten copy is read by its version", archive.archive(item(copy.blob_id)))
        drill.owner.delete_object(Bucket=bucket, Key=copy.location)
        drill.hold("a deleted copy is read by its version", archive.archive(item(copy.blob_id)))
        drill.hold("its row stays", ArchiveCopy.objects.get(blob=copy.blob_id).version == copy.version)
        before, reconciled.ORPHAN_SECONDS = reconciled.ORPHAN_SECONDS, -60
        said = {one.object: one.problem for one in reconciled.bytes_without_rows()}
        reconciled.ORPHAN_SECONDS = before
        drill.hold("verify names the other version", f"version {forged} of {copy.blob_id}" in said)
        drill.hold("verify names the deletion", f"archive copy of {copy.blob_id}" in said)


def together(drill: Drill, writers: int) -> None:
    """Many put the same bytes at once: each is told the same version; through the steps there is only one."""
    bucket = drill.bucket("together")
    with drill.archive(bucket):
        with ThreadPoolExecutor(writers) as pool:
            for _turn in range(TURNS):
                data = os.urandom(50_000)
                kept = set(pool.map(lambda _one, data=data: store.put(io.BytesIO(data), alias=store.ARCHIVE),
                                    range(writers)))
                drill.hold(f"{writers} writers were told {len(kept)} versions", len(kept) == 1)
            data = os.urandom(40_000)
            items = [item_of(data) for _one in range(writers)]
            # Whoever finds the same bytes in another's hands leaves them, and comes again when those are free.
            first = list(pool.map(_archived_apart, items))
            done = [one or _archived_apart(item) for one, item in zip(first, items, strict=True)]
        details = list(Step.objects.filter(item__in=items, name=Step.Name.ARCHIVE).values_list("state", "detail"))
        drill.hold(f"{sum(done)} of {writers} steps went well: {details}", all(done))
        copy = ArchiveCopy.objects.get(blob=items[0].blob_id)
        found = drill.owner.list_object_versions(Bucket=bucket, Prefix=copy.location).get("Versions", [])
        drill.hold(f"the steps made {len(found)} versions", [one["VersionId"] for one in found] == [copy.version])


def lying(drill: Drill, rounds: int) -> None:
    """Behind a proxy that fails: nothing is acknowledged that is not there, and afterwards everything is made good."""
    bucket, proxy = drill.bucket("lying"), Proxy(drill.gateway.address)
    seen: Counter[str] = Counter()
    try:
        with drill.archive(bucket, through=proxy.address):
            for fault in FAULTS:
                for _round in range(rounds):
                    one = item_of(os.urandom(20_000))
                    with proxy.failing(fault):
                        archive.archive(one)
                        seen[fault] += proxy.hit
                    step = Step.objects.get(item=one, name="archive")
                    held = ArchiveCopy.objects.filter(blob=one.blob_id).exists()
                    drill.hold(f"{fault}: a copy is acknowledged", step.state != Step.State.DONE and not held)
                    Step.objects.filter(item=one).update(state="pending", attempts=0)
                    drill.hold(f"{fault}: it is not made good afterwards", archive.archive(one))
        with drill.archive(drill.bucket("lying-store"), through=proxy.address, evidence=True):
            for fault in FAULTS:
                for _round in range(rounds):
                    with proxy.failing(fault):
                        drill.hold(f"{fault}: bytes are acknowledged", not acknowledged(os.urandom(20_000)))
    finally:
        proxy.end()
    drill.hold(f"a fault never struck: {seen}", all(seen[fault] for fault in FAULTS))
    found = [one for one in audit.audit_all(checked=Counter()) if one.object.startswith("item/")]
    drill.hold(f"rows and events differ: {found[:2]}", not found)


def acknowledged(data: bytes) -> bool:
    """Whether an upload to the store was taken; True only if it is there, False also when it was refused."""
    try:
        stored = store.put(io.BytesIO(data))
    except (StoreUnavailable, Damaged):
        return False
    return stored.sha256 == hashlib.sha256(data).hexdigest()


def item_of(data: bytes) -> Item:
    return intake.receive_bytes(data, name="a.bin", provenance={}, context="case/CW-2026-0001",
                                agent=custody.SYSTEM).item


def item(sha256: str) -> Item:
    """Another item on bytes that are held: its step checks the copy that is there."""
    return item_of(b"".join(store.chunks_verified(sha256)))


def archived(drill: Drill, data: bytes) -> ArchiveCopy:
    one = item_of(data)
    drill.hold("a copy is made", archive.archive(one))
    return ArchiveCopy.objects.get(blob=one.blob_id)


def _archived_apart(one: Item) -> bool:
    try:
        return archive.archive(one)
    finally:
        connections.close_all()
