"""Radicale's application over Kithbook's people: it speaks the protocol, the cards that arrive are read by us.

Radicale would read a card with vobject and write it anew, which loses what sloppy programs send and changes bytes.
"""

from __future__ import annotations

import logging
from http import client
from typing import Any
from xml.etree import ElementTree as ET

from radicale import config, httputils, pathutils, xmlutils
from radicale.app import Application
from radicale.app.base import Access

from kithbook.core.errors import KithbookError, Refused
from kithbook.dav.book import BOOK, Auth, Rights, Storage, here
from kithbook.services import davcards

METHODS = "DELETE, GET, HEAD, OPTIONS, PROPFIND, PUT, REPORT"
CLASSES = "1, 3, addressbook"
TEXTS = {xmlutils.make_clark(name) for name in ("CR:address-data", "D:getcontentlength", "D:allprop", "CR:filter")}
CARD_TYPES = ("", "text/vcard", "text/x-vcard", "text/directory", "application/octet-stream")


class Server(Application):  # type: ignore[misc]
    """Radicale without what would make, move or delete address books."""

    do_MKCOL = do_MKCALENDAR = do_MOVE = do_POST = do_PROPPATCH = None

    def do_OPTIONS(self, *_: Any) -> Any:
        """What this server can do."""
        return client.OK, {"Allow": METHODS, "DAV": CLASSES}, None, None

    def do_PUT(
        self, environ: dict[str, Any], base_prefix: str, path: str, user: str, groups: set[str], info: dict[str, Any]
    ) -> Any:
        """Take a card."""
        access = Access(self._rights, user, groups, path)
        parts = pathutils.strip_path(path).split("/")
        if len(parts) != 3 or parts[1] != BOOK or not access.check("w"):
            return httputils.NOT_ALLOWED
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() not in CARD_TYPES:
            return self._webdav_error_response(client.FORBIDDEN, "CR:supported-address-data", info)
        visit = here.get().visit
        try:
            answer = davcards.put(
                visit.owner,
                visit.device,
                parts[2],
                httputils.read_raw_request_body(self.configuration, environ),
                if_match=environ.get("HTTP_IF_MATCH", "").strip(),
                only_new=environ.get("HTTP_IF_NONE_MATCH", "").strip() == "*",
            )
        except Refused as error:
            return client.FORBIDDEN, {"Content-Type": "text/plain"}, error.told, None
        except KithbookError:
            return self._webdav_error_response(client.FORBIDDEN, "CR:valid-address-data", info)
        if answer.outcome == "stale":
            return httputils.PRECONDITION_FAILED
        if answer.outcome == "taken":
            return self._taken(f"{base_prefix}/{user}/{BOOK}/{answer.href}", info)
        headers = {"ETag": f'"{answer.etag}"'} if answer.etag else {}
        return client.CREATED if answer.outcome == "created" else client.NO_CONTENT, headers, None, None

    def _taken(self, href: str, info: dict[str, Any]) -> Any:
        """The answer that another card has this UID already, and which."""
        error = xmlutils.webdav_error("CR:no-uid-conflict")
        ET.SubElement(error[0], xmlutils.make_clark("D:href")).text = xmlutils.make_href("", href)
        headers = {"Content-Type": f"text/xml; charset={self._encoding}"}
        return client.CONFLICT, headers, self._xml_response(error, info), None

    def _read_xml_request_body(self, environ: dict[str, Any], info: dict[str, Any]) -> Any:
        """Read the question; a device that asks for ETags only spares us from writing every card."""
        content = super()._read_xml_request_body(environ, info)
        here.get().wants_texts = content is None or any(element.tag in TEXTS for element in content.iter())
        return content


def make_server() -> Server:
    """The application; made once for a process."""
    logging.getLogger("radicale").setLevel(logging.CRITICAL)  # it would write down names and paths
    configuration = config.load()
    plain = {
        "auth": {"type": Auth, "delay": 0},
        "rights": {"type": Rights, "permit_delete_collection": False, "permit_overwrite_collection": False},
        "storage": {"type": Storage},
        "web": {"type": "none"},
        "headers": {"DAV": CLASSES},
        "server": {"max_content_length": 2 * davcards.MAX_CARD, "max_resource_size": davcards.MAX_CARD},
    }
    configuration.update(plain, "kithbook")
    return Server(configuration)
