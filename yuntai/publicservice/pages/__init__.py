"""Pages of the platform: translation only, from queries to components and from forms to services."""
