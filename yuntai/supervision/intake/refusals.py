"""What this system's door rejects beside what the standard does."""

from yuntai.kernel.code_owners import why_not_own
from yuntai.kernel.peers import Peer, peers
from yuntai.standard.messages import Message


def why_refused(message: Message, author: Peer) -> str:
    """Return why `message` is rejected, one Chinese sentence; "" when it is not.

    The hub asks the same; asked again here, the watch does not depend on how the platform is run.
    """
    return why_not_own(message, author, peers())
