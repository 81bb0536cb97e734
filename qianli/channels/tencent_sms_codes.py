"""腾讯云短信's codes of what it refuses, as data.

`Response.Error.Code` of a call and `SendStatusSet[].Code` of a number are one namespace. Source: 短信 API 3.0
发送错误码 and 公共错误码 (cloud.tencent.com/document/api/382/59177, …/52075), read 2026-11-30; what each comes to for
us is our reading of its sentence there. A name that ends in a dot stands for all of its family that are not named.
"""

from qianli.channels.refusals import ACCOUNT, BLOCKED, BUSY, CONTENT, NUMBER, TEMPLATE, UNKNOWN

FINE = "Ok"
CODES = {
    "InvalidParameterValue.IncorrectPhoneNumber": NUMBER,
    "UnsupportedOperation.UnsuportedRegion": NUMBER,  # written so by them
    "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber": NUMBER,
    "FailedOperation.PhoneNumberInBlacklist": BLOCKED,
    "FailedOperation.TemplateIncorrectOrUnapproved": TEMPLATE,
    "FailedOperation.TemplateUnapprovedOrNotExist": TEMPLATE,
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": TEMPLATE,
    "InvalidParameterValue.TemplateParameterFormatError": TEMPLATE,
    "FailedOperation.ContainSensitiveWord": CONTENT,
    "InvalidParameterValue.ContentLengthLimit": CONTENT,
    "InvalidParameterValue.TemplateParameterLengthLimit": CONTENT,
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": CONTENT,
    "FailedOperation.SignatureIncorrectOrUnapproved": ACCOUNT,
    "FailedOperation.InsufficientBalanceInSmsPackage": ACCOUNT,
    "InvalidParameterValue.SdkAppIdNotExist": ACCOUNT,
    "InternalError.SigVerificationFail": ACCOUNT,
    "InternalError.SigFieldMissing": ACCOUNT,
    "InternalError.RequestTimeException": ACCOUNT,  # our clock
    "AuthFailure.": ACCOUNT,
    "UnauthorizedOperation.": ACCOUNT,
    "FailedOperation.MarketingSendTimeConstraint": BUSY,  # 8 to 22 o'clock only
    "LimitExceeded.": BUSY,  # PhoneNumberThirtySecondLimit, …OneHourLimit, …DailyLimit, …SameContentDailyLimit
    "RequestLimitExceeded.": BUSY,
    "InternalError.": UNKNOWN,  # Timeout among them: 请求下发短信超时
}
#: Without a dot behind it a family's own name is a code too.
CODES |= {family.rstrip("."): kind for family, kind in list(CODES.items()) if family.endswith(".")}
