# SPDX-License-Identifier: Apache-2.0
"""App: every face in one ASGI application. The hottest routes go round the framework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import structlog
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, NotFoundException, ValidationException
from litestar.types import ASGIApp, ControllerRouterHandler, Receive, Scope, Send

from silkcast.faces.asking import DEPENDENCIES, visit_now
from silkcast.faces.assets import STATIC
from silkcast.faces.crossing import NoCrossing
from silkcast.faces.guarding import Guard
from silkcast.faces.house import House
from silkcast.faces.live.claiming import MOST_BODY, Claims, deal_in
from silkcast.faces.live.feed import Feed, show_in
from silkcast.faces.live.media import Media
from silkcast.faces.live.pages import Pages
from silkcast.faces.live.presence import Presence
from silkcast.faces.live.talk import Talk
from silkcast.faces.refusal_words import words_of
from silkcast.faces.refusing import BadRequest, headers_of, problem, status_of
from silkcast.faces.render import render
from silkcast.faces.shop.views import ErrorPage
from silkcast.faces.statics import Statics
from silkcast.faces.swift import Route
from silkcast.ground.refusals import NotFound, NotKnown, Refusal

log = structlog.get_logger()
FOR_PROGRAMS = ("/api/", "/hooks/", "/media/", "/files/")


class Broken(Refusal):
    code = "request.failed"


def refuse(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """A refusal as its asker reads it: a problem document for programs, a page or a fragment for people."""
    status = status_of(refusal)
    headers = headers_of(refusal)
    path = request.url.path
    if path.startswith(FOR_PROGRAMS) or "application/json" in request.headers.get("accept", ""):
        body = problem(
            refusal, title=words_of(refusal, "en"), request_id=request.headers.get("x-request-id", "")
        )
        if not path.startswith(FOR_PROGRAMS):  # a page's script tells the person
            body["words"] = words_of(refusal, visit_now(request).language)
        return Response(body, status_code=status, headers=headers, media_type="application/problem+json")
    if isinstance(refusal, NotKnown) and request.method == "GET":
        asked = f"{path}?{request.url.query}" if request.url.query else path
        location = f"/log-in?{urlencode({'next': asked})}"
        return Response("", status_code=303, headers={"location": location})
    visit = visit_now(request)
    view = ErrorPage(status=status, code=refusal.code, words=words_of(refusal, visit.language))
    return Response(
        render("shop/error.html", view, visit), status_code=status, headers=headers, media_type="text/html"
    )


def refuse_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework itself refuses, in our words."""
    if isinstance(error, NotFoundException) or error.status_code in (404, 405):
        return refuse(request, NotFound())
    if isinstance(error, ValidationException) or error.status_code < 500:
        return refuse(request, BadRequest())
    return refuse_fault(request, error)


def refuse_fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: logged whole, told briefly."""
    # the route, not the path: the address of an order is a secret
    route = str(request.scope.get("path_template") or "other")
    log.error("request.failed", route=route, method=request.method, exc_info=error)
    answer = refuse(request, Broken())
    answer.status_code = 500
    return answer


class Hot:
    """The hottest addresses go round the framework: rooms and products, a room's events and talk, films,
    styles."""

    def __init__(self, app: ASGIApp, house: House, presence: Presence, feed: Feed, claims: Claims) -> None:
        self._app = Pages(app, house, presence)
        self._feed = feed
        self._media = Media(house.scene.video)
        self._claims = claims
        self._statics = Statics(STATIC)
        self._talk = Talk(house, presence)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            path = scope["path"]
            if path.startswith("/static/"):
                await self._statics(path.removeprefix("/static/"), scope, receive, send)
                return
            if path.startswith("/media/"):
                await self._media(path.removeprefix("/media/"), scope, receive, send)
                return
            if scope["method"] == "POST" and (deal := deal_in(path)) is not None:
                await self._claims(deal, scope, receive, send)
                return
            if path.endswith("/events") and (show := show_in(path)) is not None:
                await self._feed(show, scope, receive, send)
                return
            if path.endswith("/chat") and (show := self._talk.takes(scope)) is not None:
                await self._talk(show, scope, receive, send)
                return
        await self._app(scope, receive, send)


def swift_routes(feed: Feed, claims: Claims) -> tuple[Route, ...]:
    """What a connection of our own server answers itself; `Hot` answers it everywhere else."""
    return (
        Route(b"POST", "/deals/", "/claims", claims.swiftly, most_body=MOST_BODY, keeps_heads=True),
        Route(b"GET", "/live/", "/events", feed.stream),
    )


def make_app(
    house: House,
    presence: Presence,
    routes: Sequence[ControllerRouterHandler],
    feed: Feed | None = None,
    claims: Claims | None = None,
) -> ASGIApp:
    """The application over a house. `routes` are the faces' handlers."""
    app = Litestar(
        route_handlers=[*routes],
        dependencies={**DEPENDENCIES, "presence": Provide(lambda: presence, sync_to_thread=False)},
        state=State({"house": house}),
        exception_handlers={Refusal: refuse, HTTPException: refuse_http, Exception: refuse_fault},
        request_max_body_size=64 * 1024 * 1024,
        openapi_config=None,
        logging_config=None,
    )
    return Hot(
        Guard(NoCrossing(app), house), house, presence, feed or Feed(house, presence), claims or Claims(house)
    )
