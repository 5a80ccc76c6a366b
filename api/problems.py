"""Errors as answers: problem details (RFC 9457) for programs, a plain page for people."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from api.headers import HEADERS
from dashboards.render import problem_page
from insole.errors import ConflictError, InsoleError, NotFoundError, NotNowError, StoreError

TITLES = {
    404: "Not found",
    409: "That does not go with what is stored",
    422: "That cannot be done with this recording",
    503: "The store of recordings has a problem",
    500: "Something went wrong in this program",
}


def problem(status: int, detail: str, *, kind: str | None = None) -> Response:
    """A problem-details answer; ``kind`` is the name of our error, where it is one of ours."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if kind is not None:
        body["kind"] = kind
    return JSONResponse(body, status, media_type="application/problem+json")


def status_of(error: InsoleError) -> int:
    """The HTTP status that says what kind of trouble an error of ours is."""
    if isinstance(error, NotFoundError):
        return 404
    if isinstance(error, ConflictError | NotNowError):
        return 409
    return 503 if isinstance(error, StoreError) else 422


def install(app: FastAPI) -> None:
    """Turn every error into an answer of the right kind."""

    async def ours(request: Request, error: Exception) -> Response:
        status = status_of(error) if isinstance(error, InsoleError) else 500
        return _answer(request, status, str(error), kind=type(error).__name__)

    async def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        text = "There is nothing at this address." if status == 404 else HTTPStatus(status).phrase + "."
        return _answer(request, status, text)

    async def unfit(request: Request, error: Exception) -> Response:
        found = error.errors() if isinstance(error, RequestValidationError) else []
        text = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in found)
        return _answer(request, 422, text)

    async def defect(request: Request, _error: Exception) -> Response:
        answer = _answer(request, 500, "This is a defect of the program; its log says more.")
        answer.headers.update(HEADERS)  # this handler stands outside of all middleware
        return answer

    app.add_exception_handler(InsoleError, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, unfit)
    app.add_exception_handler(Exception, defect)


def _answer(request: Request, status: int, text: str, *, kind: str | None = None) -> Response:
    if request.url.path.startswith("/api/"):
        return problem(status, text, kind=kind)
    return HTMLResponse(problem_page(status, TITLES.get(status, HTTPStatus(status).phrase), text), status)
