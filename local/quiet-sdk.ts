// Imported before the SDK, which would warn whoever starts Rollcall on Node.js 20; functions run on 24.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
