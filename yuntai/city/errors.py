"""What stops a city: one sentence for the person who runs it."""


class CityError(Exception):
    """The city cannot do what was asked.  str(error): one Chinese sentence: what, why, what to do."""
