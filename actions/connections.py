"""The connections of this process, made when first needed and kept: a client costs more than a call."""

from functools import lru_cache

from actions.settings import Settings
from knowledge_base.suggesting.client import SuggestingClient
from office.after_sales import AfterSalesOffice
from office.cards import CardOffice
from office.orders import OrderOffice
from office.settings import Settings as OfficeSettings


@lru_cache(maxsize=1)
def settings() -> Settings:
    return Settings.read()


@lru_cache(maxsize=1)
def orders() -> OrderOffice:
    return OrderOffice(OfficeSettings.read().url)


@lru_cache(maxsize=1)
def after_sales() -> AfterSalesOffice:
    return AfterSalesOffice(OfficeSettings.read().url)


@lru_cache(maxsize=1)
def cards() -> CardOffice:
    return CardOffice(OfficeSettings.read().url)


@lru_cache(maxsize=1)
def knowledge() -> SuggestingClient:
    return SuggestingClient(settings().knowledge_url)
