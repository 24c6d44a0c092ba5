/** Injection tokens of the REST part, private to its module. */

/** The `JwtAuthenticator` of this module, or `null` where the API is open. */
export const CACHE_AUTHENTICATOR = Symbol.for('nestjs-enhanced-cache:authenticator');
/** The controller's own options, judged. */
export const CONTROLLER_SETTINGS = Symbol.for('nestjs-enhanced-cache:controller-settings');
/** The controller classes that were made for this module. */
export const CACHE_CONTROLLERS = Symbol.for('nestjs-enhanced-cache:controllers');
