"""Addresses of the trading system's pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
