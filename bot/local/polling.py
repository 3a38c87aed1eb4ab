"""The Bot API methods by which the bot gets its updates: long polling and webhooks."""

from __future__ import annotations

import re

from bot.local.people import People
from bot.local.refusal import bad_request
from bot.local.rules import LIMITS, Fields, Upload, within
from bot.local.updates import Webhook
from bot.local.world import Json

_MOST_POLL_SECONDS = 50
_PORTS = ("", ":443", ":80", ":88", ":8443")


async def get_updates(people: People, fields: Fields) -> list[Json]:
    """Waits up to `timeout` real seconds for something to come."""
    people.updates.allow(fields.get("allowed_updates"))
    least, most, _ = LIMITS["getUpdates", "limit"]
    limit = min(max(fields.get("limit", most), least), most)
    timeout_seconds = min(max(fields.get("timeout", 0), 0), _MOST_POLL_SECONDS)
    return await people.updates.poll(fields.get("offset", 0), limit, timeout_seconds)


def set_webhook(people: People, fields: Fields) -> bool:
    """Updates go to this address from now on; an empty one is deleteWebhook."""
    if fields.get("drop_pending_updates"):
        people.updates.collect()
    url = fields.get("url", "")
    if not url:
        people.updates.set_webhook(None)
        return True
    secret = fields.get("secret_token", "")
    if secret:
        within("setWebhook", "secret_token", len(secret), "secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    address = re.fullmatch(r"(https?)://[^/:\s]+(:\d+)?(/\S*)?", url)
    if not address:
        raise bad_request("invalid webhook URL specified")
    if not people.is_local_server:
        if address[1] != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (address[2] or "") not in _PORTS:
            raise bad_request(
                "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            )
    most = LIMITS["setWebhook", "max_connections"][1]
    people.updates.allow(fields.get("allowed_updates"))
    people.updates.set_webhook(
        Webhook(
            url,
            secret,
            min(max(fields.get("max_connections", 40), 1), most),
            isinstance(fields.get("certificate"), Upload),
            fields.get("ip_address", ""),
        )
    )
    return True


def delete_webhook(people: People, fields: Fields) -> bool:
    """Back to long polling."""
    if fields.get("drop_pending_updates"):
        people.updates.collect()
    people.updates.set_webhook(None)
    return True


def get_webhook_info(people: People, fields: Fields) -> Json:
    """A WebhookInfo, with the last failure of delivery."""
    webhook = people.updates.webhook
    shown: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": bool(webhook and webhook.has_certificate),
        "pending_update_count": len(people.updates.pending),
    }
    if webhook:
        shown["max_connections"] = webhook.max_connections
        if webhook.ip_address:
            shown["ip_address"] = webhook.ip_address
        if people.updates.last_error:
            shown["last_error_date"], shown["last_error_message"] = people.updates.last_error
    if people.updates.allowed:
        shown["allowed_updates"] = sorted(people.updates.allowed)
    return shown
