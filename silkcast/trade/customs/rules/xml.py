# SPDX-License-Identifier: Apache-2.0
"""Documents as XML. Writing only: whoever reads XML from outside uses defusedxml."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from silkcast.trade.customs.rules.build import Document
from silkcast.trade.customs.rules.fields import table


def _name(local: str) -> str:
    return f"{{{table().namespace}}}{local}"


def _fields(parent: Element, fields: Mapping[str, str]) -> None:
    for name, text in fields.items():
        SubElement(parent, _name(name)).text = text


def message(document: Document, guid: str) -> str:
    """One message with one unit. The tail of an export message: BaseTransfer, BaseSubscribe, signature,
    ExtendMessage; only the first is a must, and the signature is the transmitting client's to add."""
    rules = table()
    register_namespace(rules.prefix, rules.namespace)
    message_name = f"CEB{document.kind}Message"
    form = rules.messages[message_name]
    root = Element(_name(message_name), {"guid": guid, "version": rules.version})
    unit = SubElement(root, _name(form["unit"]))
    if "head" not in form:
        _fields(unit, document.head)
    else:
        _fields(SubElement(unit, _name(form["head"])), document.head)
        for line in document.lines:
            _fields(SubElement(unit, _name(form["line"])), line)
    assert document.transfer is not None
    _fields(SubElement(root, _name("BaseTransfer")), document.transfer)
    indent(root)
    body: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
