"""The signing keys of the holders, as a bidder has them from elsewhere than the trading system."""

from pathlib import Path

from yuntai.bidtool.folder import read_json
from yuntai.bidtool.refusals import BadForm
from yuntai.trust.base64url import from_base64url


def read_holders(path: Path) -> dict[str, bytes]:
    """Return the Ed25519 public key of each holder by letter; the file is of the form of a city's list.

    :raises BadFolder: the file can't be read.
    :raises BadForm: it is of another form.
    """
    try:
        return {letter: from_base64url(row["public_key"]) for letter, row in read_json(path).items()}
    except (KeyError, TypeError, ValueError) as error:
        raise BadForm(f'{path} 应为 {{"T": {{"name": …, "public_key": …}}, …}}。请核对文件。') from error
