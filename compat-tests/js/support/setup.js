// Loaded before each test file (`node --import`). Packages are found in .tools/js, where scripts/install-test-tools
// puts them; an `npm ci` in this folder works, too.
import { register } from "node:module";

register("./resolve.js", import.meta.url);

// The caller's own AWS settings must not change what is tested.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("AWS_")) delete process.env[name];
}
Object.assign(process.env, {
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  // The SDK is pinned: what its later versions will need is no news here.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});
