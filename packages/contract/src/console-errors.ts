// What the console's own transport refuses: a session that is over, a request that its page did not send.

export const consoleErrors = {
  SESSION_ENDED: {
    status: 401,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.SessionEnded',
    message: 'there is no login, or it has ended; log in again',
    zh: '尚未登录或登录已失效，请重新登录',
  },
  CSRF_TOKEN_INVALID: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.CsrfTokenInvalid',
    message: 'the CSRF token is not the one of this login; ask for it again',
    zh: 'CSRF 令牌与当前登录不符，请重新获取',
  },
  CROSS_ORIGIN: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'AuthFailure.CrossOrigin',
    message: 'the request comes from a page of another origin',
    zh: '请求来自其他来源的页面',
  },
  PASSWORD_CHANGE_NEEDED: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'OperationDenied.PasswordChangeNeeded',
    message: 'choose a new password first',
    zh: '请先修改密码',
  },
  FACTOR_SETUP_NEEDED: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'OperationDenied.FactorSetupNeeded',
    message: 'set up the second factor first',
    zh: '请先绑定 MFA 设备',
  },
} as const
