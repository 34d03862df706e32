/** esbuild bundles styles that a script imports. */
declare module "*.css";
