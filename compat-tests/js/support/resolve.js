const TOOLS = new URL("../../../.tools/js/package.json", import.meta.url).href;

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (problem) {
    if (problem.code !== "ERR_MODULE_NOT_FOUND" || /^[./]|^file:/.test(specifier)) throw problem;
    return next(specifier, { ...context, parentURL: TOOLS });
  }
}
