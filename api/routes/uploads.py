"""Files from other makers' software: first what was understood, then into the store."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import Response

from api.deps import TheStore, TheUploads
from api.problems import problem
from api.records import PairOut, PairsIn, PairsOut, RefusedOut, StoredOut, StoreIn, UploadedFoot, UploadOut, UploadsOut
from api.uploads import Uploads
from ingest.files.describe import Description, describe
from insole.errors import FormatError
from insole.store import Store

if TYPE_CHECKING:
    from api.uploads import Held

router = APIRouter(prefix="/api/v1/uploads", tags=["uploads"])

MOST_FILES = 8
"""In one request (our judgement)."""


class _TooLargeError(Exception):
    """More came than is taken."""


@router.post("", status_code=201, response_model=UploadsOut)
async def upload(request: Request, store: TheStore, uploads: TheUploads) -> UploadsOut | Response:
    """Send files, as a form does, and see what is understood of each; nothing is stored yet.

    Those that were understood have a token, valid for a quarter of an hour.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return problem(415, "Send files as a form does (multipart/form-data).")
    counted = _counted(request, most=uploads.most_bytes)
    try:
        form = await MultiPartParser(request.headers, counted, max_files=MOST_FILES, max_fields=0).parse()
    except _TooLargeError:
        return problem(
            413, f"That is more than the {uploads.most_bytes / 1e9:.1f} GB taken at a time; send fewer files."
        )
    except MultiPartException as e:
        return problem(400, f"The files did not arrive as they should ({e.message}); send them again.")
    try:
        sent = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
        if not sent:
            return problem(400, "No file came; choose one.")
        return _answer([await run_in_threadpool(_take, part, store, uploads) for part in sent])
    finally:
        await form.close()


async def _counted(request: Request, *, most: int) -> AsyncGenerator[bytes, None]:
    """The body, as long as it is not too large."""
    if int(request.headers.get("content-length") or 0) > most:
        raise _TooLargeError
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > most:
            raise _TooLargeError
        yield chunk


def _answer(outcomes: list[UploadOut | RefusedOut]) -> UploadsOut | Response:
    files = [one for one in outcomes if isinstance(one, UploadOut)]
    refused = [one for one in outcomes if isinstance(one, RefusedOut)]
    if not files:
        return problem(422, "\n".join(one.detail for one in refused), kind=FormatError.__name__)
    return UploadsOut(files=files, refused=refused)


def _take(part: UploadFile, store: Store, uploads: Uploads) -> UploadOut | RefusedOut:
    name = part.filename or "file"
    try:
        held, understood = uploads.take(part.file, name)
    except FormatError as e:
        return RefusedOut(name=name, detail=str(e))
    found = describe(understood)
    return _understood(held, found, store.find_source(found.sha256))


def _understood(held: Held, found: Description, known: str | None) -> UploadOut:
    return UploadOut(
        token=held.token,
        valid_until=held.until,
        format=found.device,
        feet={side: UploadedFoot.model_validate(foot, from_attributes=True) for side, foot in found.feet.items()},
        warnings=list(found.warnings),
        stored_as=known,
        **{name: getattr(found, name) for name in SAID_AS_IT_IS},
    )


SAID_AS_IT_IS = ("name", "sha256", "started_at", "duration_s", "condition", "task", "body_mass_kg", "subject_code")
"""What the answer takes over from the description of a file."""


@router.post("/pairs")
def join(given: PairsIn, store: TheStore, uploads: TheUploads) -> PairsOut:
    """Make one recording of each two files of a left and a right foot that were sent one by one.

    Their names differ by the foot alone, and they are of one walk; all others stay as they are.
    """
    pairs = []
    for tokens, held, understood in uploads.join(given.tokens):
        found = describe(understood)
        pairs.append(PairOut(of=tokens, file=_understood(held, found, store.find_source(found.sha256))))
    return PairsOut(pairs=pairs)


@router.post("/{token}", status_code=201)
def store_it(token: str, given: StoreIn, uploads: TheUploads) -> StoredOut:
    """Store a file that was understood, under a subject and with what is said of it."""
    return StoredOut(id=uploads.store(token, **given.model_dump(exclude_unset=True)))


@router.delete("/{token}", status_code=204)
def forget(token: str, uploads: TheUploads) -> None:
    """Remove a file that was sent."""
    uploads.forget(token)
