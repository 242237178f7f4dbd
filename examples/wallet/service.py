"""A rate card over HTTP: the card itself for wallets that scale it, and single offers for those that do not.

pip install stakingmodels fastapi uvicorn
stakingmodels ratecard --date 2026-12-01 --out card.json
uvicorn --factory service:serve
"""

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
from fastapi import FastAPI, HTTPException, Response

from stakingmodels import InputError, ratecard


def today_utc() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def make_app(card: ratecard.RateCard, today: Callable[[], dt.date] = today_utc) -> FastAPI:
    app = FastAPI(title="Rate card")
    tag = f'"{hashlib.sha256(card.text.encode()).hexdigest()}"'

    def check_day() -> dt.date:
        day = today()
        if not card.issued <= day <= card.valid_until:
            raise HTTPException(503, f"the card holds from {card.issued} to {card.valid_until}")
        return day

    @app.get("/ratecard.json")
    def whole() -> Response:
        check_day()
        return Response(card.text, media_type="application/json", headers={"ETag": tag, "Cache-Control": "max-age=300"})

    @app.get("/offer")
    def offer(product: str, term_days: int, amount: float) -> dict[str, Any]:
        try:
            return attrs.asdict(card.offer(product, term_days, amount, today=check_day()))
        except InputError as error:
            raise HTTPException(422, str(error)) from error

    return app


def serve() -> FastAPI:
    return make_app(ratecard.read(Path(os.environ.get("CARD", "card.json")).read_text("utf-8")))
