// Draws the reference of the API. What is tried out goes to the server that this page comes from, whatever its contract calls itself.

const dark = matchMedia('(prefers-color-scheme: dark)');
const show = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', show);
show();

const ownServer = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: update => contract => update({...contract, servers: [{url: new URL('..', location.href).href.replace(/\/$/, '')}]}),
      },
    },
  },
});

globalThis.SwaggerUIBundle({
  url: '../openapi.yaml',
  domNode: document.getElementById('reference'),
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  plugins: [ownServer],
  validatorUrl: null,
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
});
