"""For what a system may be refused or suspended: this list and nothing else, each with its clause.

Plan 三(一)4: no permission or filing, no unreasonable condition of entry or exit, no limit to the number of
connected systems, no different treatment.  So entering is a matter of technical tests, and whoever refuses or
suspends names one of these.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """code: in messages.  text: what holds of the system.  remedy: what its operator does.  clause: its key.

    before_entry: whether it may also keep a system from being connected.
    """

    code: str
    text: str
    remedy: str
    clause: str
    before_entry: bool


REASONS = {
    reason.code: reason
    for reason in (
        Reason(
            "key-compromised",
            "签名密钥已经失密，或者可能已经失密",
            "更换密钥后恢复",
            "esignature/15",
            before_entry=False,
        ),
        Reason(
            "standard-not-kept",
            "不按统一的分类编码和数据接口标准报送，经提示仍未改正",
            "按接口标准改正，重新通过对接测试后恢复",
            "etendering/53",
            before_entry=False,
        ),
        Reason(
            "unsafe",
            "不符合安全要求，危及平台或者其他系统",
            "消除安全问题并说明后恢复",
            "etendering/53",
            before_entry=True,
        ),
        Reason(
            "responsible-not-true",
            "登记的运营机构或者主要负责人与事实不符",
            "改正登记后恢复",
            "lianyungang-plan/3.5.1",
            before_entry=True,
        ),
        Reason(
            "directed",
            "行政监督部门或者监察机关依法作出指令",
            "按指令办理，由作出指令的部门解除",
            "etendering/52",
            before_entry=True,
        ),
        Reason(
            "operator-asked",
            "运营机构自己申请",
            "运营机构可以随时申请恢复",
            "lianyungang-plan/3.1.4",
            before_entry=False,
        ),
    )
}
