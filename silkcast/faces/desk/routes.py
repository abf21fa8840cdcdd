# SPDX-License-Identifier: Apache-2.0
from litestar import Router
from litestar.di import Provide

from silkcast.faces.asking import member_of, operator_of

from . import (
    appeals,
    books,
    declarations,
    failed,
    home,
    market_acts,
    markets,
    notices,
    orders,
    payments,
    rush,
    sellers,
)

ROUTES = (
    Router(
        path="/desk",
        dependencies={"operator": Provide(operator_of)},
        route_handlers=[
            home.home,
            sellers.list_sellers,
            sellers.sellers_sheet,
            sellers.one_seller,
            sellers.suspend,
            sellers.reinstate,
            orders.list_orders,
            orders.orders_sheet,
            orders.one_order,
            orders.erase_buyer,
            declarations.list_declarations,
            declarations.one_declaration,
            declarations.message_text,
            declarations.send_again,
            payments.list_payments,
            payments.ask_now,
            payments.refund_again,
            payments.refund_sent,
            failed.list_failed,
            failed.retry_job,
            failed.drop_job,
            failed.retry_reaction,
            failed.drop_reaction,
            books.show_ledger,
            books.journal,
            books.show_audit,
            books.audit_sheet,
            books.show_promises,
            notices.list_notices,
            notices.mailbox,
            rush.show_rush,
            rush.send_rush,
            *appeals.HANDLERS,
        ],
    ),
    Router(
        path="/desk",
        dependencies={"member": Provide(member_of)},
        route_handlers=[
            markets.list_markets,
            markets.markets_sheet,
            markets.one_market,
            markets.market_prices,
            markets.market_changes,
            markets.changes_sheet,
            markets.market_team,
            *market_acts.HANDLERS,
        ],
    ),
)
