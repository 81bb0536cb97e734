"""阿里云短信's codes of what it refuses, as data.

Source: API 错误码 (help.aliyun.com/document_detail/101346, and as copied in 2020 and 2023), read 2026-11-30; what each
comes to for us is our reading of its reason there. The codes of the gateway (SignatureDoesNotMatch …) are those of all
its interfaces, from public clients. A name that ends in a dot stands for all of its family that are not named.
"""

from qianli.channels.refusals import ACCOUNT, BUSY, CONTENT, NUMBER, TEMPLATE, UNKNOWN

FINE = "OK"
CODES = {
    "isv.MOBILE_NUMBER_ILLEGAL": NUMBER,
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": NUMBER,
    "isv.SMS_TEMPLATE_ILLEGAL": TEMPLATE,
    "isv.TEMPLATE_MISSING_PARAMETERS": TEMPLATE,
    "isv.TEMPLATE_PARAMS_ILLEGAL": TEMPLATE,
    "isv.INVALID_JSON_PARAM": TEMPLATE,
    "isv.INVALID_PARAMETERS": TEMPLATE,
    "isv.SMS_CONTENT_ILLEGAL": CONTENT,
    "isv.PARAM_LENGTH_LIMIT": CONTENT,
    "isv.PARAM_NOT_SUPPORT_URL": CONTENT,
    "isv.BLACK_KEY_CONTROL_LIMIT": CONTENT,
    "isv.SMS_SIGNATURE_ILLEGAL": ACCOUNT,
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": ACCOUNT,
    "isv.SMS_SIGN_ILLEGAL": ACCOUNT,
    "isv.SIGN_STATE_ILLEGAL": ACCOUNT,
    "isv.EXTEND_CODE_ERROR": ACCOUNT,
    "isv.OUT_OF_SERVICE": ACCOUNT,  # no money
    "isv.AMOUNT_NOT_ENOUGH": ACCOUNT,
    "isv.PRODUCT_UN_SUBSCRIPT": ACCOUNT,
    "isv.PRODUCT_UNSUBSCRIBE": ACCOUNT,
    "isv.ACCOUNT_NOT_EXISTS": ACCOUNT,
    "isv.ACCOUNT_ABNORMAL": ACCOUNT,
    "isv.DENY_IP_RANGE": ACCOUNT,
    "isp.RAM_PERMISSION_DENY": ACCOUNT,
    "SignatureDoesNotMatch": ACCOUNT,
    "InvalidAccessKeyId.": ACCOUNT,
    "InvalidTimeStamp.": ACCOUNT,  # our clock
    "Forbidden.": ACCOUNT,
    "NoPermission": ACCOUNT,
    "isv.BUSINESS_LIMIT_CONTROL": BUSY,
    "isv.DAY_LIMIT_CONTROL": BUSY,
    "isv.MONTH_LIMIT_CONTROL": BUSY,
    "Throttling.": BUSY,
    "isp.SYSTEM_ERROR": UNKNOWN,
    "SignatureNonceUsed": UNKNOWN,
    "ServiceUnavailable": UNKNOWN,
    "InternalError": UNKNOWN,
}
#: Without a dot behind it a family's own name is a code too.
CODES |= {family.rstrip("."): kind for family, kind in list(CODES.items()) if family.endswith(".")}
