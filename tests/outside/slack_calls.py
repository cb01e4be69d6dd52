"""What goes over the wire of a Slack of our own: calls, their faults, refusals and acks."""

from dataclasses import dataclass
from typing import Any

Dict = dict[str, Any]


class Slip(Exception):
    """Slack's refusal: its code, then its remarks."""

    def wire(self) -> Dict:
        code, *remarks = self.args
        answer: Dict = {"ok": False, "error": code}
        if remarks:
            answer["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in remarks]}
        return answer


@dataclass(frozen=True)
class Call:
    method: str
    payload: Dict
    at: float  # seconds of the server's own clock
    authorization: str


@dataclass(frozen=True)
class Fault:
    status: int = 200
    error: str = ""
    retry_after: float | None = None
    drop: bool = False
    delay: float = 0
    effect: bool = True  # a dropped or late call is carried out all the same

    @property
    def refuses(self) -> bool:
        return bool(self.error) or self.status != 200


@dataclass(frozen=True)
class Ack:
    status: int  # 0: no answer within Slack's three seconds
    body: Dict
    latency: float
    envelope_id: str = ""

    @property
    def ok(self) -> bool:
        return self.status == 200
