import { openSqliteStore } from '@belfry/drivers/sqlite';
for(let i=0;i<4;i++){const t=performance.now(); const s=await openSqliteStore({dir:'/tmp/open-db'}); const a=performance.now()-t; await s.close(); console.log('open',a.toFixed(0),'close',(performance.now()-t-a).toFixed(0));}
