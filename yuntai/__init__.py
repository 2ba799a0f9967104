"""Yuntai (云台): the system on which a city trades its public resources in the open."""
